"""The picture that the chart is compared with. After a change that is meant, look at the new one and keep it:

python -m tests.bot.reports.reference
"""

from pathlib import Path

from bot.reports import chart
from tests.bot.reports import sample

CHART = Path(__file__).with_name("reference-chart.png")

if __name__ == "__main__":
    CHART.write_bytes(chart.digest_chart(sample.demo()))
