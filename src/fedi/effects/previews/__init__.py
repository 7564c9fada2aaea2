"""How a page that posts share is looked at: its own words first (Open Graph, JSON-LD), its oEmbed, its picture."""
