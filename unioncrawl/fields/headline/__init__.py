"""Which parts does the headline have (引题, 主题, 副题)?"""
