"""With whom this server speaks, and what it shows to strangers. Part of `settings.Settings`."""

from typing import Annotated

from fedi.settings.kinds import Shown
from fedi.settings.scale import ScaleSettings
from fedi.settings.setting import Setting


class FederationSettings(ScaleSettings, frozen=True, kw_only=True):
    """By default this server speaks with everybody whom the operator does not limit."""

    limited_federation_mode: Annotated[
        bool,
        Setting(
            "LIMITED_FEDERATION_MODE",
            "Whether this server speaks only with those named by `fedi domains allow`, and shows nothing to strangers: "
            "it implies AUTHORIZED_FETCH and DISALLOW_UNAUTHENTICATED_API_ACCESS.",
        ),
    ] = False
    authorized_fetch: Annotated[
        bool,
        Setting(
            "AUTHORIZED_FETCH",
            "Whether other servers must sign what they ask for, so that limited ones get nothing.",
        ),
    ] = False
    disallow_unauthenticated_api_access: Annotated[
        bool,
        Setting(
            "DISALLOW_UNAUTHENTICATED_API_ACCESS",
            "Whether the API answers only those who are signed in, but for what apps need in order to sign in.",
        ),
    ] = False
    disable_followers_synchronization: Annotated[
        bool,
        Setting(
            "DISABLE_FOLLOWERS_SYNCHRONIZATION",
            "Whether this server neither tells others who follows people here from there, nor listens to what they "
            "tell (FEP-8fcf).",
        ),
    ] = False
    linked_data_signatures: Annotated[
        bool,
        Setting(
            "FEDI_LINKED_DATA_SIGNATURES",
            "Whether public activities carry a Linked Data Signature, by which relays and other servers may pass them "
            "on; with AUTHORIZED_FETCH only deletions and boosts taken back do. None is accepted from others.",
        ),
    ] = False
    show_domain_blocks: Annotated[
        Shown,
        Setting(
            "FEDI_SHOW_DOMAIN_BLOCKS",
            "Who may read which domains are limited or suspended: `all`, `users` or `disabled`.",
        ),
    ] = "disabled"
    show_domain_blocks_rationale: Annotated[
        Shown, Setting("FEDI_SHOW_DOMAIN_BLOCKS_RATIONALE", "Who may read the public comments on them.")
    ] = "disabled"

    @property
    def secure_mode(self) -> bool:
        """Whether documents are only for those who sign for them."""
        return self.authorized_fetch or self.limited_federation_mode

    @property
    def closed_api(self) -> bool:
        """Whether the API answers only those who are signed in."""
        return self.disallow_unauthenticated_api_access or self.limited_federation_mode
