"""Scrapy's settings for a polite visit of one site, and why each differs from Scrapy's default."""

from __future__ import annotations

from typing import Any

from crawler.facts import Pace
from crawler.fetch.heads import BoundedHeadHandler
from crawler.fetch.limits import REDIRECTS, VISITOR, Limits
from crawler.fetch.policy import AddressPolicy

REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"


def scrapy_settings(pace: Pace, limits: Limits, policy: AddressPolicy) -> dict[str, Any]:
    """Settings of one crawl; `pace.interval` 0 lifts the limit (the registry allows it on loopback alone)."""
    polite = pace.interval > 0
    return {
        "TWISTED_REACTOR": REACTOR,
        "LOG_LEVEL": "WARNING",
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "USER_AGENT": limits.user_agent,
        "DEFAULT_REQUEST_HEADERS": VISITOR,
        "XUNCHA_POLICY": policy,
        "XUNCHA_RETRY_AFTER": limits.retry_after,
        # Pace: one site, one slot a host; AutoThrottle only ever slows down from there.
        "CONCURRENT_REQUESTS": max(pace.connections, 1),
        "CONCURRENT_REQUESTS_PER_DOMAIN": max(pace.connections, 1),
        "DOWNLOAD_DELAY": pace.interval,
        "DOWNLOAD_DELAY_JITTER": 0.0,
        "AUTOTHROTTLE_ENABLED": polite,
        "AUTOTHROTTLE_START_DELAY": pace.interval,
        "AUTOTHROTTLE_MAX_DELAY": 30.0,
        "AUTOTHROTTLE_TARGET_CONCURRENCY": float(max(pace.connections, 1)),
        # A task per item slot is made for every response; the spider yields few requests and no items.
        "CONCURRENT_ITEMS": 2,
        "SCHEDULER_MEMORY_QUEUE": "scrapy.squeues.FifoMemoryQueue",
        "SCHEDULER_PRIORITY_QUEUE": "scrapy.pqueues.ScrapyPriorityQueue",
        "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
        # Bounds of one request. No page may lead to a file, an FTP server or a bucket.
        "DOWNLOAD_HANDLERS": {
            "http": BoundedHeadHandler,
            "https": BoundedHeadHandler,
            **dict.fromkeys(("data", "file", "ftp", "s3")),  # a site is visited over HTTP alone
        },
        "DOWNLOAD_TIMEOUT": limits.timeout,
        "DOWNLOAD_MAXSIZE": limits.page_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_FAIL_ON_DATALOSS": True,  # a page's first look says otherwise
        "REDIRECT_MAX_TIMES": REDIRECTS,
        "REDIRECT_PRIORITY_ADJUST": 0,
        # Robots, retries and statuses are the spider's: it records what Scrapy would swallow.
        "ROBOTSTXT_OBEY": False,
        "RETRY_ENABLED": False,
        "HTTPERROR_ALLOW_ALL": True,
        "DOWNLOADER_STATS": False,
        # Scrapy loads whatever its own lists name, even what is switched off (half of it is never used here; the remote
        # console alone loads another HTTP client): the lists are ours.
        "DOWNLOADER_MIDDLEWARES_BASE": {
            "crawler.fetch.guard.AddressGuardMiddleware": 50,
            "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
            "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
            "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
            "crawler.fetch.backoff.BackoffMiddleware": 540,
            "crawler.fetch.refresh.SeenMetaRefreshMiddleware": 580,
            "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": 590,
            "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": 600,
            "crawler.fetch.cookies.CookieMiddleware": 700,
            "crawler.fetch.exchange.ReceivedMiddleware": 990,  # nearest to the wire
        },
        "SPIDER_MIDDLEWARES_BASE": {
            "scrapy.spidermiddlewares.start.StartSpiderMiddleware": 25,
            "scrapy.spidermiddlewares.referer.RefererMiddleware": 700,
        },
        "EXTENSIONS_BASE": {
            "scrapy.extensions.corestats.CoreStats": 0,
            "scrapy.extensions.throttle.AutoThrottle": 0,
        },
    }
