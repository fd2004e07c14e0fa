"""What does a page show besides its lines of text: pictures, files, films?"""
