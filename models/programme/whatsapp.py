"""What WhatsApp allows this programme and what it costs, as an operator sets it under `programme.whatsapp`.

Only values: no rows, no clock.
"""

from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

CHANNEL = "whatsapp"
# So long after somebody's last message they may be written to freely
# (developers.facebook.com/docs/whatsapp/conversation-types, "customer service window").
OPEN_FOR = timedelta(hours=24)
# The portfolio's limit counts different people in a span of this length that ends now.
ROLLING = timedelta(hours=24)

Rupiah = Annotated[int, Field(ge=0, le=1_000_000)]


class Prices(BaseModel):
    """Rupiah for one message of a category: what Meta and Twilio ask together. The defaults are a cautious
    guess, for an operator to replace by the prices of the contract. `service` is what is said in an open
    window: free until September 2026, since then as dear as `utility`
    (https://business.whatsapp.com/products/platform-pricing)."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    marketing: Rupiah = 800
    utility: Rupiah = 450
    authentication: Rupiah = 450
    service: Rupiah = 450

    def of(self, category: str) -> int:
        """The price of a category; one that is not known costs what the dearest does."""
        prices = self.model_dump()
        return int(prices.get(category, max(prices.values())))


class Whatsapp(BaseModel):
    """`portfolio_limit` are different people who may be sent an opener in a rolling day (250, 2,000, 10,000,
    100,000; 0: no limit). `monthly_ceiling` is in rupiah, 0 for none; `free_messages` are those in open
    windows that cost nothing each month."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    portfolio_limit: int = Field(250, ge=0, le=10_000_000)
    prices: Prices = Prices()
    free_messages: int = Field(1000, ge=0, le=100_000_000)
    monthly_ceiling: int = Field(0, ge=0, le=100_000_000_000)
