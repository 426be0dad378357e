"""Figures as a table."""

import statistics


def number(value):
    if value is None:
        return "-"
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def spread(values):
    """The median, and the lowest and highest."""
    known = [value for value in values if value is not None]
    if not known:
        return "-"
    return f"{number(statistics.median(known))} ({number(min(known))} - {number(max(known))})"


def column(rounds, key):
    return [figures[key] for figures in rounds]


def ratios(own, other, key):
    """Of the same rounds."""
    return [a / b for a, b in zip(column(own, key), column(other, key)) if a is not None and b]


COLUMNS = {"cpu_per_100k": "CPU s / 100,000", "kernel_per_100k": "of it kernel", "records_per_second": "records / s", "peak_rss_mib": "peak RSS MiB",
           "p50_ms": "p50 ms", "p99_ms": "p99 ms", "p999_ms": "p99.9 ms"}


def table(rows):
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(widths[0]) if i == 0 else cell.rjust(widths[i]) for i, cell in enumerate(row)) for row in rows)


def compared(scenario):
    """One scenario with contestants: a row for each, and the ratios to the peer."""
    results, peer = scenario["results"], scenario["peer"]
    own = scenario.get("contestant", "bridge")
    keys = [key for key in COLUMNS if key in results[own][0]]
    rows = [[f"{scenario['name']}: {scenario['count']:,} records"] + [COLUMNS[key] for key in keys]]
    for name in sorted(results, key=lambda name: name != own):
        rows.append(["  " + name] + [spread(column(results[name], key)) for key in keys])
    for name in results:
        if name != own:
            rows.append([f"  {own} / {name}"] + [spread(ratios(results[own], results[name], key)) for key in keys])
    text = table(rows)
    if scenario["repeated"]:
        text += f"\n  {scenario['repeated']:,} results came more than once"
    return text


def flat(scenario):
    """Cost per record beyond what the start costs."""
    rows = [["flatness: bridge, cached", "CPU s / 100,000 beyond the start", "records / s", "peak RSS MiB"]]
    start, *sizes = scenario["sizes"]
    start_cpu = statistics.median(f["cpu_per_100k"] * start["count"] / 100_000 for f in start["rounds"])
    rows.append([f"  start ({start['count']:,} records)", f"{number(start_cpu)} CPU s", "", spread(column(start["rounds"], "peak_rss_mib"))])
    for size in sizes:
        beyond = [f["cpu_per_100k"] - start_cpu * 100_000 / size["count"] for f in size["rounds"]]
        rows.append([f"  {size['count']:,}", spread(beyond), spread(column(size["rounds"], "records_per_second")),
                     spread(column(size["rounds"], "peak_rss_mib"))])
    return table(rows)


def text(scenarios):
    blocks = [flat(s) if s["name"] == "flatness" else compared(s) for s in scenarios]
    return "\n\n".join(blocks)
