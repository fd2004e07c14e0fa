"""What do numbers look like as a picture?

Numbers and words go in, one SVG text comes out: the same for the same input, without
script, inline style or a colour that alone says something. A page sets the colours by
class (``static/charts.css``); a picture that stands by itself has them as attributes.
"""
