"""Drupal: ``/node/10655``, lists ``?page=1``, counted from 0.

``/index.php/node/N`` is the same article (seen on pdsgh.org).
"""

from __future__ import annotations

from .base import SiteSpider


class DrupalSpider(SiteSpider):
    """A Drupal site."""
