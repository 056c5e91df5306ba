"""Cookies of one crawl, so that a site that wants one before it shows a page is seen.

In place of Scrapy's middleware: that one fetches the public suffix list from the internet in the middle of a crawl,
with a blocking client that no address policy sees. A jar that lives for one site's crawl needs no such list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.http import Response
from scrapy.http.cookies import CookieJar

if TYPE_CHECKING:
    from scrapy import Request

MOST = 50
"""Cookies of a crawl; RFC 6265 §6.1 asks clients to keep at least 50 of a domain."""
LONGEST = 4096
"""Bytes of one cookie's name and value (RFC 6265 §6.1)."""


class CookieMiddleware:
    """Keeps what answers set, within bounds, and sends it back."""

    def __init__(self) -> None:
        self._jar = CookieJar()

    def process_request(self, request: Request) -> None:
        """Adds the cookies that belong to the address."""
        request.headers.pop("Cookie", None)
        self._jar.add_cookie_header(request)

    def process_response(self, request: Request, response: Response) -> Response:
        """Takes in what the answer sets; the response as it is."""
        if "Set-Cookie" in response.headers:
            for cookie in self._jar.make_cookies(response, request):
                known = len(self._jar)
                size = len(cookie.name) + len(cookie.value or "")
                if size <= LONGEST and known < MOST:
                    self._jar.set_cookie_if_ok(cookie, request)
        return response
