"""Base templates, components, design tokens and front-end assets.

Owns how every page looks. Never reads another room's data.
"""
