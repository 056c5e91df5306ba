"""Meta refresh, for pages that have one: Scrapy's own looks for it only after it has decoded the whole page."""

from __future__ import annotations

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware
from scrapy.http import Response

_SEARCHED = 4 * 4096  # bytes: Scrapy looks at 4096 characters


class SeenMetaRefreshMiddleware(MetaRefreshMiddleware):
    """Scrapy's middleware, asked only where the word stands in the page's beginning."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]  # without Scrapy's deprecated spider argument
        """The page, or the request that its meta refresh asks for."""
        if b"refresh" not in response.body[:_SEARCHED].lower():
            return response
        return super().process_response(request, response)
