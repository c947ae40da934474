#!/usr/bin/env python3
"""Reference values for packages/statistics from SciPy, statsmodels and scikit-learn.

    pip install numpy scipy statsmodels scikit-learn
    python test/extended/statistics/reference.py --check      # the committed golden file agrees with these libraries
    python test/extended/statistics/reference.py --cases 300 --seed 7 --out /tmp/golden.json
    BAKEOFF_STATISTICS_GOLDEN=/tmp/golden.json npx vitest run --project statistics golden

The second form draws the requested number of new cases; the tests then compare the package with them.
"""
import argparse
import json
import math
import pathlib
import sys

import numpy as np
from scipy import optimize, special, stats
from sklearn import metrics
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

GOLDEN = pathlib.Path(__file__).resolve().parents[3] / "packages/statistics/src/testing/data/golden.json"
BINS = 15


def wilson(rng, cases):
    rows = [(9125, 10000), (9357, 10000), (0, 50), (50, 50), (1, 10000), (1, 1)]
    rows += [(int(rng.integers(0, n + 1)), n) for n in (int(rng.integers(1, 60000)) for _ in range(cases))]
    return [{"successes": k, "n": n, "expected": list(map(float, proportion_confint(k, n, 0.05, method="wilson")))} for k, n in rows]


def mcnemar_cases(rng, cases):
    rows = [(0, 0), (1, 0), (0, 6), (5, 5), (1, 7), (10, 25), (480, 530), (30, 900), (5000, 5003), (100000, 101000), (400000, 401234)]
    rows += [(int(rng.integers(0, s)), int(rng.integers(0, s))) for s in (int(rng.integers(2, 2000)) for _ in range(cases))]
    return [{"onlyA": a, "onlyB": b, "expected": float(mcnemar([[0, a], [b, 0]], exact=True).pvalue) if a + b else 1.0} for a, b in rows]


def tango_limit(only_a, only_b, n, z):
    """The delta at which the score statistic is z, with its nuisance parameter from a numerical likelihood maximum."""
    def statistic(delta):
        # The smaller of the two discordant probabilities is r, the larger r + |delta|.
        size, (less, more) = abs(delta), (only_b, only_a) if delta >= 0 else (only_a, only_b)
        def slope(r):
            return more / (r + size) + less / r - 2 * (n - only_a - only_b) / (1 - size - 2 * r)
        highest = (1 - size) / 2
        r = optimize.brentq(slope, highest * 1e-15, highest * (1 - 1e-13), xtol=1e-300, rtol=8.9e-16, maxiter=1000)
        q = r if delta >= 0 else r + size
        return (only_a - only_b - n * delta) / math.sqrt(n * (2 * q + delta * (1 - delta)))
    estimate = (only_a - only_b) / n
    bracket = (-1 + 1e-9, estimate) if z > 0 else (estimate, 1 - 1e-9)
    return optimize.brentq(lambda delta: statistic(delta) - z, *bracket, xtol=1e-300, rtol=8.9e-16, maxiter=1000)


def tango(rng, cases):
    # (1, 7, 21) is the airway example of Fagerland, Lydersen and Laake 2014, who print -0.517 to -0.026.
    rows = [(1, 7, 21), (480, 530, 10000), (30, 900, 10000), (12, 1, 10000)]
    rows += [(int(rng.integers(1, n // 3)), int(rng.integers(1, n // 3)), n) for n in (int(rng.integers(12, 20000)) for _ in range(cases))]
    z = float(stats.norm.ppf(0.975))
    return [{"onlyA": a, "onlyB": b, "n": n, "expected": [tango_limit(a, b, n, z), tango_limit(a, b, n, -z)]} for a, b, n in rows]


def student(rng, cases):
    rows = [(2.5, 4), (0.001, 3), (40, 2), (12, 37.5), (1.96, 100000), (3, 1), (0, 5)]
    rows += [(float(rng.normal() * 5), float(1 + rng.exponential(10))) for _ in range(cases)]
    return [{"t": t, "df": df, "expected": float(special.betainc(df / 2, 0.5, df / (df + t * t)) if abs(t) > 1 else 2 * stats.t.sf(abs(t), df)),
             "quantile": float(stats.t.ppf(0.975, df))} for t, df in rows]


def mean_squares(answers):
    """Those of seeds, images and their interaction, by a linear model of the answers."""
    seeds, images = np.indices(answers.shape).reshape(2, -1)
    table = anova_lm(ols("y ~ C(seed) + C(image)", {"y": answers.ravel().astype(float), "seed": seeds, "image": images}).fit())
    return [float(max(0.0, value)) for value in table["mean_sq"]]


def t_squared(df):
    return stats.t.ppf(0.975, df) ** 2


def recipe_interval(answers, squares):
    """The interval described at accuracyOfRecipe."""
    count, images = answers.shape
    p = answers.mean()
    seeds, pictures, both = (square / answers.size for square in squares)
    binomial = p * (1 - p)
    skewness = 2 * (1 - 2 * p) * math.sqrt(count * max(0, seeds - both)) / binomial
    seeds *= 1 + 0.03 * min(4, skewness ** 2)
    pictures = min(pictures + 0.5 * (max(p, 1 - p) / images) ** 2, binomial / (images - 1))
    length = max(t_squared(count - 1) * seeds + t_squared(images - 1) * (pictures - both), t_squared(images - 1) * pictures)
    # Wilson's limits are those values that a score test does not reject.
    roots = np.roots([1 + length / binomial, -(2 * p + length / binomial), p * p])
    return [float(min(roots.real)), float(max(roots.real))]


def recipe_difference(a, b, squares_a, squares_b):
    """The interval and p-value described at recipeDifference."""
    images = a.shape[1]
    parts = [(squares[0] / answers.size, squares[2] / answers.size, answers.shape[0]) for squares, answers in ((squares_a, a), (squares_b, b))]
    each = a.mean(0) - b.mean(0)
    pictures = each.var(ddof=1) / images
    beyond = pictures - parts[0][1] - parts[1][1]
    z2 = stats.norm.ppf(0.975) ** 2
    fewest = (z2 / (images + z2)) ** 2
    over_seeds = parts[0][0] + parts[1][0]
    df = over_seeds ** 2 / sum(part ** 2 / (count - 1) for part, _, count in parts) if over_seeds > 0 else 1
    length = max(t_squared(df) * over_seeds + t_squared(images - 1) * beyond, t_squared(images - 1) * pictures, fewest)
    variance = max(parts[0][0] + parts[1][0] + beyond, pictures, fewest / t_squared(images - 1))
    ratio = math.sqrt(length / variance)
    excess = lambda log_df: stats.t.ppf(0.975, math.exp(log_df)) - ratio
    df = 1.0 if excess(0) < 0 else 1e5 if excess(math.log(1e5)) > 0 else math.exp(optimize.brentq(excess, 0, math.log(1e5), xtol=1e-14, rtol=8.9e-16))
    difference = float(each.mean())
    statistic = difference * stats.t.ppf(0.975, df) / math.sqrt(length)
    return {"difference": difference, "pValue": float(2 * stats.t.sf(abs(statistic), df)),
            "differenceInterval": [max(-1.0, difference - math.sqrt(length)), min(1.0, difference + math.sqrt(length))]}


def crossed(rng, cases):
    out = []
    for _ in range(cases + 2):
        images = int(rng.integers(12, 30))
        hard = rng.normal(0, 2, images)
        def draw():
            logits = rng.normal(0.5, 1) + rng.normal(0, 0.7, (int(rng.integers(2, 6)), 1)) + hard
            return (rng.uniform(size=logits.shape) < special.expit(logits)).astype(int)
        a, b = draw(), draw()
        if not 0 < a.mean() < 1:
            continue
        squares_a, squares_b = mean_squares(a), mean_squares(b)
        out.append({"a": a.tolist(), "b": b.tolist(), "meanSquares": squares_a, "mean": float(a.mean()),
                    "interval": recipe_interval(a, squares_a), **recipe_difference(a, b, squares_a, squares_b)})
    return out


def holm(rng, cases):
    rows = [[0.01, 0.04, 0.03, 0.005], [0.02, 0.02, 0.02], [0.7], [1.0, 0.0, 0.5]]
    rows += [list(map(float, rng.uniform(size=rng.integers(1, 30)) ** 4)) for _ in range(cases)]
    return [{"pValues": row, "expected": list(map(float, multipletests(row, method="holm")[1]))} for row in rows]


def calibration(confidence, correct):
    """Equal-width bins (low, high], as in Guo et al. 2017."""
    index = np.clip(np.ceil(confidence * BINS).astype(int) - 1, 0, BINS - 1)
    error, counts = 0.0, []
    for i in range(BINS):
        members = index == i
        counts.append(int(members.sum()))
        if members.any():
            error += members.mean() * abs(confidence[members].mean() - correct[members].mean())
    return error, counts


def scores(rng, cases):
    out = []
    for columns, classes, images in [(10, 10, 80), (14, 10, 60), (3, 3, 25)]:
        # Sixty-fourths are exact in float32.
        logits = np.round(rng.normal(0, 3, (images, columns)) * 64) / 64
        labels = rng.integers(0, classes, images)
        logits[np.arange(images), labels] += np.round(rng.exponential(2, images) * 64) / 64
        p = special.softmax(logits, axis=1)
        prediction = logits.argmax(1)
        correct = prediction == labels
        ece, counts = calibration(p.max(1), correct)
        everything = list(range(columns))
        precision, recall, f1, support = metrics.precision_recall_fscore_support(labels, prediction, labels=list(range(classes)), zero_division=0)
        order = np.argsort(-logits, axis=1, kind="stable")
        top_k = {}
        for k in (1, 2, 3, 5):
            if k < classes:
                value = float(np.mean([label in row for label, row in zip(labels, order[:, :k])]))
                if k > 1:
                    assert np.isclose(value, metrics.top_k_accuracy_score(labels, logits, k=k, labels=everything), atol=1.5 / images)
                top_k[str(k)] = value
        confusion = metrics.confusion_matrix(labels, prediction, labels=everything)[:classes]
        out.append({
            "columns": columns, "classes": classes, "logits": logits.ravel().tolist(), "labels": labels.tolist(),
            "accuracy": float(metrics.accuracy_score(labels, prediction)), "topK": top_k,
            "nll": float(metrics.log_loss(labels, p, labels=everything)),
            "brier": float(metrics.brier_score_loss(labels, p, labels=everything, scale_by_half=False)),
            "expectedCalibrationError": float(ece), "binCounts": counts,
            "precision": precision.tolist(), "recall": recall.tolist(), "f1": f1.tolist(), "support": support.tolist(),
            "confusion": confusion[:, :classes].tolist(), "other": confusion[:, classes:].sum(1).tolist(),
        })
    return out


def build(seed, cases):
    rng = np.random.default_rng(seed)
    parts = [("wilson", wilson), ("mcnemar", mcnemar_cases), ("tango", tango), ("student", student), ("crossed", crossed), ("holm", holm), ("scores", scores)]
    return {name: make(rng, cases) for name, make in parts}


def same(a, b):
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b or math.isclose(a, b, rel_tol=1e-11, abs_tol=1e-15)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cases", type=int, default=12)
    parser.add_argument("--out", type=pathlib.Path, default=GOLDEN)
    parser.add_argument("--check", action="store_true", help="compare with --out instead of writing it")
    arguments = parser.parse_args()
    golden = json.loads(json.dumps(build(arguments.seed, arguments.cases)))
    if arguments.check:
        if not same(golden, json.loads(arguments.out.read_text())):
            sys.exit(f"{arguments.out} differs from what these libraries compute")
        print("the golden file agrees")
    else:
        arguments.out.parent.mkdir(parents=True, exist_ok=True)
        arguments.out.write_text("{\n" + ",\n".join(f"{json.dumps(name)}: " + "[\n" + ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows) + "\n]" for name, rows in golden.items()) + "\n}\n")


main()
