"""The Mastodon REST API: a file per page of its documentation. See `routing` for how an endpoint is declared."""
