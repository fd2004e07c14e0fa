"""What do the pages of a site share?

`page_boxes.observe` notes what a page that was read in full shows of its layout, `learn.learn_model`
learns the site's boxes from some of them, and `site_reader.SiteReader` reads the site's other pages
without these boxes.
"""
