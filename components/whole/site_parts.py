"""The replay site of a store, and the users who sign in to it."""

import pulumi

from components.access.user_auth import UserAuth, UserAuthArgs
from components.api.rest_api import RestApi
from components.release.stack_tags import stack_label
from components.website.site_files import SiteFiles, SiteFilesArgs, origin_of
from components.website.website import Website, WebsiteArgs
from components.whole.placement import Placement
from components.whole.store_args import RrwebStoreArgs


def serve_site(args: RrwebStoreArgs, placement: Placement, opts: pulumi.ResourceOptions) -> Website:
    """Return the website, which has no files yet."""
    return Website(
        placement.named("site"),
        WebsiteArgs(
            # Which API and which sign-in, SiteFiles says: ADR 14.
            connect_sources=(
                f"https://*.execute-api.{args.region}.amazonaws.com",
                f"https://*.auth.{args.region}.amazoncognito.com",
            ),
            price_class=args.site_price_class,
            domain=args.site_domain,
            certificate_arn=args.site_certificate_arn,
            comment=stack_label(placement.project, placement.stack),
        ),
        opts,
    )


def users_of(
    args: RrwebStoreArgs,
    placement: Placement,
    site: Website | None,
    opts: pulumi.ResourceOptions,
) -> UserAuth:
    """Return the pool, whose users may sign in to the site and at the given URLs."""
    own = [site.url] if site else []
    return UserAuth(
        placement.named("users"),
        UserAuthArgs(
            region=args.region,
            callback_urls=(
                *args.callback_urls,
                *(pulumi.Output.concat(url, "/signed-in") for url in own),
            ),
            logout_urls=(*args.callback_urls, *(pulumi.Output.concat(url, "/") for url in own)),
            protect=args.protect,
            admin_sign_in=args.admin_sign_in,
            command_line=args.command_line,
            require_mfa=args.require_mfa,
        ),
        opts,
    )


def upload_site(  # noqa: PLR0913, PLR0917 - all that its configuration names
    args: RrwebStoreArgs,
    placement: Placement,
    site: Website,
    users: UserAuth,
    api: RestApi,
    opts: pulumi.ResourceOptions,
) -> None:
    """Put the built files into the site's bucket, with a configuration that names the API."""
    SiteFiles(
        placement.named("site"),
        SiteFilesArgs(
            bucket=site.bucket,
            folder=placement.checkout / args.site_folder,
            config={
                "apiUrl": api.url,
                "issuerUrl": users.issuer_url,
                "userPoolId": users.pool.id,
                "userPoolClientId": users.client.id,
                "signInUrl": users.sign_in_url,
                "siteUrl": site.url,
                "region": args.region,
                "release": placement.release,
            },
            connect_origins=(
                api.url.apply(origin_of),
                users.sign_in_url,
            ),
        ),
        opts,
    )
