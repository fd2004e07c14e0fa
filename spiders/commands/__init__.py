"""Scrapy's own commands, where ours tell more."""
