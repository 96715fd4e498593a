"""The table of what pages cost in a large weblog and in a small one."""


def lines(told: list[dict]) -> list[list[str]]:
    """Return the table of what `growth.tell` printed; times are microseconds of processor time."""
    table = [["page", "queries", "Python", "database", "together", "at most"]]
    for line in told:
        many, small = line["many"], line["small"]
        ratio = total(many) / total(small)
        table.append(
            [
                line["page"],
                f"{small['queries']} → {many['queries']}",
                f"{small['python']:,.0f} → {many['python']:,.0f}",
                f"{small['database']:,.0f} → {many['database']:,.0f}",
                f"{ratio:.2f}{' !!' if ratio > line['limit'] else ''}",
                f"{line['limit']:g}",
            ]
        )
    return table


def total(weblog: dict) -> float:
    return weblog["python"] + weblog["database"]
