#!/usr/bin/env python3
"""Draws the figures of `make bench BENCH="--json FILE"` as an SVG: Benchmarks/chart.py FILE... docs/benchmark.svg

Scenarios that were run on their own are drawn together from their files. Bars are CPU seconds for 100,000 records: medians, with a line from the lowest to the highest round. Colours follow the
reader's theme, and the drawing has a ground of its own, so that it can be read where the theme is not told.
"""

import html
import json
import os
import statistics
import sys

TITLES = {
    "cached": "Answered from the cache", "uncached": "One API call each", "failures": "Bad requests to Failure records",
    "exactly-once": "Exactly once beside at least once, from the cache",
}
NAMES = {
    "bridge": "integration-bridge", "bridge-exactly-once": "exactly once", "peer-cached": "C on librdkafka",
    "peer-lookup": "C on librdkafka and libcurl", "peer-copy": "C that only copies records",
}
STYLE = """
.ground{fill:#ffffff;stroke:#d1d9e0}.title{fill:#1f2328;font-weight:600}.text{fill:#1f2328}.faint{fill:#59636e}
.own{fill:#0969da}.other{fill:#afb8c1}.range{stroke:#1f2328;stroke-width:1.5}
@media (prefers-color-scheme: dark){.ground{fill:#0d1117;stroke:#3d444d}.title,.text{fill:#f0f6fc}.faint{fill:#9198a1}
.own{fill:#4493f8}.other{fill:#656c76}.range{stroke:#f0f6fc}}
text{font:13px -apple-system,BlinkMacSystemFont,"Segoe UI","Noto Sans",Helvetica,Arial,sans-serif}
"""
WIDTH, LEFT, BAR, ROW = 820, 210, 300, 24


def figures(rounds, key):
    return [values[key] for values in rounds if values.get(key) is not None]


class Drawing:
    def __init__(self):
        self.parts, self.y = [], 20

    def text(self, x, text, style="text", anchor="start"):
        self.parts.append(f'<text class="{style}" x="{x}" y="{self.y}" text-anchor="{anchor}">{html.escape(text)}</text>')

    def bar(self, name, values, longest, note):
        """One contestant: its bar, the range of its rounds, and what is to be said of it."""
        scale, median = BAR / longest, statistics.median(values)
        style = "own" if name.startswith("bridge") else "other"
        self.text(LEFT - 10, NAMES.get(name, name), anchor="end")
        self.parts.append(f'<rect class="{style}" x="{LEFT}" y="{self.y - 12}" width="{median * scale:.1f}" height="16" rx="2"/>')
        self.parts.append(f'<line class="range" x1="{LEFT + min(values) * scale:.1f}" x2="{LEFT + max(values) * scale:.1f}"'
                          f' y1="{self.y - 4}" y2="{self.y - 4}"/>')
        self.text(LEFT + max(values) * scale + 8, note)
        self.y += ROW

    def svg(self):
        height = self.y + 4
        return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img"'
                f' aria-label="CPU seconds for 100,000 records, the bridge beside C programs">\n<style>{STYLE}</style>\n'
                f'<rect class="ground" x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1}" rx="6"/>\n'
                + "\n".join(self.parts) + "\n</svg>\n")


def draw(scenarios, cores):
    drawing = Drawing()
    drawing.text(16, "CPU seconds for 100,000 records (shorter is better)", "title")
    drawing.y += 12
    for scenario in scenarios:
        if scenario["name"] not in TITLES:
            continue
        results = scenario["results"]
        costs = {name: figures(rounds, "cpu_per_100k") for name, rounds in results.items()}
        longest = max(max(values) for values in costs.values())
        drawing.y += 22
        drawing.text(16, f"{TITLES[scenario['name']]}: {scenario['count']:,} records", "title")
        drawing.y += ROW
        for name in sorted(costs, key=lambda name: not name.startswith("bridge")):
            rates = figures(results[name], "records_per_second")
            note = f"{statistics.median(costs[name]):.2f} s; "
            if rates:
                note += f"{statistics.median(rates) / 1000:,.0f},000 a second; "
            note += f"{statistics.median(figures(results[name], 'peak_rss_mib')):.0f} MiB"
            drawing.bar(name, costs[name], longest, note)
    latency = next((scenario for scenario in scenarios if scenario["name"] == "latency"), None)
    if latency:
        drawing.y += 22
        drawing.text(16, f"Request in to result out at {latency['rate']:,} a second, less the API's own time", "title")
        drawing.y += ROW
        for name in sorted(latency["results"], key=lambda name: not name.startswith("bridge")):
            rounds = latency["results"][name]
            times = [f"{label} {statistics.median(figures(rounds, key)):.1f} ms"
                     for label, key in (("half", "p50_ms"), ("99 %", "p99_ms"), ("99.9 %", "p999_ms"))]
            drawing.text(LEFT - 10, NAMES.get(name, name), anchor="end")
            drawing.text(LEFT, "within:  " + ",  ".join(times))
            drawing.y += ROW
    drawing.text(16, f"Medians; lines from the lowest to the highest round. They took turns on one machine of {cores} cores, beside Kafka.", "faint")
    drawing.y += 12
    return drawing.svg()


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    *sources, target = sys.argv[1:]
    scenarios, cores = [], None
    for source in sources:
        with open(source) as file:
            measured = json.load(file)
        scenarios, cores = scenarios + measured["scenarios"], measured["cores"]
    os.makedirs(os.path.dirname(target) or ".", exist_ok=True)
    with open(target, "w") as file:
        file.write(draw(scenarios, cores))


if __name__ == "__main__":
    main()
