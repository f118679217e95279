"""Small controls that pages share: they are drawn from what they are given and remember nothing."""
