"""Dashboards: what people chose, growth, campaign results."""
