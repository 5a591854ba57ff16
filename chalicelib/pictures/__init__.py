"""Pictures: codes, posters and sheets, drawn by a function of its own.

`document`, `errands` and `asking` are what other rooms know of it, and load neither Pillow nor qrcode; all else runs in
that function alone (`drawing` is where it begins).
"""
