namespace ActorSock.Load;

/// <summary>Looks for the highest rate at which a latency holds: doubles until it does not, halves the gap, and tries again what it found.</summary>
/// <remarks>
/// A machine has other things to do now and then. So a rate that fails is tried once more, and twice more when this program itself was
/// late; and the lowest rate that failed is tried again in the end: when it holds then, the search goes on from there.
/// </remarks>
internal sealed class CapacitySearch(CapacityGoal goal) : IPhases
{
    private const double Precision = 1.05;   // the rate that fails is at most so many times the one that holds
    private const double StepBack = 0.96;    // what holds only sometimes is too much
    private const double RateMin = 1, RateMax = 5_000_000;
    private const int HeldNeeded = 3, FailuresNeeded = 2;
    private const int StepsMax = 50;

    private readonly List<CapacityStep> _steps = [];
    private readonly HashSet<double> _doubted = []; // that failed, and were tried again in the end
    private double _rate = goal.RateFirst;
    private bool _isWarm, _isDone;

    public CapacityGoal Goal => goal;

    /// <summary>What was tried, in order.</summary>
    public IReadOnlyList<CapacityStep> Steps => _steps;

    /// <summary>The highest rate that held, files a second; null when none did.</summary>
    public double? Held { get; private set; }

    /// <summary>The lowest rate above it that failed twice; null when none did.</summary>
    public double? Failed { get; private set; }

    /// <summary>How often the rate that held was tried, and how often it did.</summary>
    public (int Tried, int Held) Confirmed => Held is { } rate
        ? (At(rate).Count(), At(rate).Count(step => step.Held))
        : (0, 0);

    /// <summary>Whether it was found, and held each time: not cut short by an interruption or the number of steps.</summary>
    public bool IsSure => _isDone && Held is not null && Confirmed is { Held: >= HeldNeeded } counts && counts.Held == counts.Tried;

    public PhasePlan? Next(PhaseResult? last)
    {
        if (last is not null && _isWarm)
        {
            _steps.Add(CapacityStep.Of(last, goal));
            Judge(_steps[^1]);
        }
        _isWarm = last is not null;
        // The first step is for code and caches to get warm, on both sides.
        if (!_isWarm) return new PhasePlan("warm-up", _rate, goal.Step, WithRude: false);
        if (_isDone || _steps.Count >= StepsMax) return null;
        return new PhasePlan($"{_rate:0.#}/s", _rate, goal.Step, WithRude: false);
    }

    private void Judge(CapacityStep step)
    {
        if (step.Held)
        {
            if (Failed <= step.Rate) Failed = LowestAbove(step.Rate); // it had failed for another reason
            Held = step.Rate;
            if (Failed is null) GrowFrom(step.Rate);
            else NarrowOrConfirm();
            return;
        }
        if (At(step.Rate).Count(each => !each.Held) < (step.WasLate ? FailuresNeeded + 1 : FailuresNeeded)) return; // the same once more
        Failed = step.Rate;
        if (Held == step.Rate) Held = HighestBelow(step.Rate);
        NarrowOrConfirm();
    }

    private void GrowFrom(double rate)
    {
        if (rate < RateMax) _rate = Math.Min(rate * 2, RateMax);
        else Confirm(rate); // as high as anybody asks
    }

    private void NarrowOrConfirm()
    {
        if (Held is not { } held)
        {
            _rate = Failed!.Value / 4;
            _isDone = _rate < RateMin;
        }
        else if (Failed / held > Precision) _rate = Math.Round(Math.Sqrt(held * Failed!.Value), 1);
        else if (Failed is { } failed && _doubted.Add(failed)) _rate = failed;
        else Confirm(held);
    }

    private void Confirm(double held)
    {
        var counts = Confirmed;
        _isDone = counts.Held >= HeldNeeded && counts.Held == counts.Tried;
        // One that failed once among several is not what anybody can rely on.
        if (counts.Held < counts.Tried && counts.Tried >= HeldNeeded)
        {
            Failed = held;
            Held = null;
            _rate = Math.Round(held * StepBack, 1);
        }
        else _rate = held;
    }

    private double? HighestBelow(double rate) =>
        _steps.Where(step => step.Held && step.Rate < rate).Select(step => (double?)step.Rate).Max();

    private double? LowestAbove(double rate) => _steps.Where(step => step.Rate > rate && !step.Held)
        .CountBy(step => step.Rate).Where(failures => failures.Value >= FailuresNeeded).Select(failures => (double?)failures.Key).Min();

    private IEnumerable<CapacityStep> At(double rate) => _steps.Where(step => step.Rate == rate);
}
