"""The Flutter way: what Flet's template and `serious_python` need, in the words of `flet build`.

Data and rules of the backend `flutter`; its stages are in `builder/stages`.
"""
