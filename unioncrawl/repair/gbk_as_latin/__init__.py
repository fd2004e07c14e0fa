"""How is GBK read back that was shown as European letters (Öйú)?"""
