"""Scrapy's own commands, where ours report more."""
