"""Which articles does a list page, a feed or a sitemap name, and where does it go on?"""
