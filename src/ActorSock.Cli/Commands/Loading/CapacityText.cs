using System.Globalization;
using ActorSock.Load;

namespace ActorSock.Cli.Commands.Loading;

/// <summary>Says what rate was found, and how sure that is.</summary>
internal static class CapacityText
{
    public static string Of(CapacitySearch search)
    {
        var goal = $"the 99th percentile within {Shown.Of(search.Goal.P99)}";
        if (search.Held is not { } held)
            return search.Steps.Count == 0 ? $"nothing was tried for {goal}" : $"at no rate was {goal}: {search.Steps[^1].Failure}";
        var (tried, times) = search.Confirmed;
        var above = search.Failed is { } failed
            ? $"{Rate(failed)} did not: {search.Steps.Last(step => step.Rate == failed && !step.Held).Failure}"
            : "nothing higher was tried";
        return $"{Rate(held)} with {goal}, in {times} of {tried} steps of {Shown.Of(search.Goal.Step)}; {above}"
            + (search.IsSure ? "" : "; the search was cut short, so this is less than sure") + Client(search);
    }

    /// <summary>What failed may have been this program.</summary>
    private static string Client(CapacitySearch search)
    {
        if (search.Failed is not { } failed) return "";
        var step = search.Steps.Last(step => step.Rate == failed);
        return step.WasLate ? $"; the client itself began files late by {Shown.Of(step.Result.Happened.Lag.Percentile(99))} there (99 %): "
            + "it, or the machine, may be what was too slow" : "";
    }

    private static string Rate(double rate) => string.Create(CultureInfo.InvariantCulture, $"{rate:0.#} files/s");
}
