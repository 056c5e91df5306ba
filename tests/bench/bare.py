"""The yardstick: a bare Scrapy spider that follows every link with the stock extractor and settings, and keeps nothing."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from scrapy import Spider
from scrapy.crawler import CrawlerProcess
from scrapy.http import HtmlResponse, Request, Response
from scrapy.linkextractors import LinkExtractor


class Bare(Spider):
    name = "bare"
    pages = 0
    handle_httpstatus_list = (404, 500)

    def __init__(self, home: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.start_urls = [home]
        self.host = urlsplit(home).netloc
        self.extractor = LinkExtractor()

    def parse(self, response: Response, **kwargs: Any) -> Iterator[Request]:
        if isinstance(response, HtmlResponse) and response.status == 200:
            type(self).pages += 1
            for link in self.extractor.extract_links(response):
                if urlsplit(link.url).netloc == self.host:
                    yield Request(link.url)


if __name__ == "__main__":
    process = CrawlerProcess({"LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False})
    process.crawl(Bare, home=sys.argv[1])
    process.start()
    print(json.dumps({"pages": Bare.pages}))
