"""What does a page show: pictures, files, films, and which lines are the site's?"""
