"""What does Scrapy load besides spiders: middlewares and extensions?"""
