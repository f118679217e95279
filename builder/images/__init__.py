"""Icons, splash screens and their previews, on Pillow: pictures in, pictures and warnings out.

Rendering writes no file. A picture goes this way::

    chosen      which pictures of a project a target draws
    sources       the chains of names: which file of `assets/` serves a platform
    picture     reads one: measured first, then decoded once, upright and in sRGB
    formats       told by the content      decoding  pixels      frames  the largest of an icon file
    svg           vectors, drawn by        vector    in a process of its own
    scaling     draws it at any size
    linear        small sizes, as light
    icons       every icon file of a platform        splash    every splash file
    slots         which files there are    framing   how large art stands in them
    easel         one picture while a set is drawn   style     the settings (from_settings)
    by_image      what is known of an image, beside it
    android ios macos    what these want beside plain pictures
    figure        the figure on its ground: for icons of one colour
    measure shapes contrast    what art is like, and the shapes that launchers cut
    rendered    the files as bytes
    png ico       the formats              shrink    smaller PNG files, for a release
    previews    what people will see on their screens
    screens       phones and browsers      own_ico   the entries of an author's own icon file
    sheet       all previews on one page
    advice      what to know about a picture before it ships
    finish letter assets    pictures that the user makes with Slipway, and keeping them
"""
