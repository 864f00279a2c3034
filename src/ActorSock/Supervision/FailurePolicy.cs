namespace ActorSock.Supervision;

/// <summary>What a supervisor does about failures, as a table: child on the left, exception, then directive.</summary>
/// <remarks>The first row that fits decides; there is no default, because every child must be thought of.</remarks>
internal sealed class FailurePolicy : OneForOneStrategy
{
    private readonly Row[] _rows;
    private readonly Action<IActorRef, Exception, Directive>? _noted;

    public FailurePolicy(Row[] rows, Action<IActorRef, Exception, Directive>? noted = null)
        : this(-1, Timeout.InfiniteTimeSpan, rows, noted)
    {
    }

    /// <param name="restartsMax">restarts of one child within the window; -1 is no limit</param>
    /// <param name="window">the window</param>
    /// <param name="rows">the table</param>
    /// <param name="noted">told of each decision, in the parent, before it is carried out</param>
    public FailurePolicy(int restartsMax, TimeSpan window, Row[] rows, Action<IActorRef, Exception, Directive>? noted = null)
        : base(restartsMax, (int)window.TotalMilliseconds, static _ => Directive.Stop, loggingEnabled: false)
    {
        _rows = rows;
        _noted = noted;
    }

    /// <param name="Child">the child's name; a trailing * stands for the rest of it</param>
    /// <param name="Failure">the type of the exception, or a base of it</param>
    /// <param name="Directive">what is done</param>
    internal sealed record Row(string Child, Type Failure, Directive Directive)
    {
        public bool Fits(string child, Exception failure) => Failure.IsInstanceOfType(failure)
            && (Child.EndsWith('*') ? child.StartsWith(Child[..^1], StringComparison.Ordinal) : child == Child);
    }

    protected override Directive Handle(IActorRef child, Exception exception)
    {
        // What happens in a constructor or in PreStart arrives wrapped.
        var failure = exception is ActorInitializationException { InnerException: { } inner } ? inner : exception;
        var row = Array.Find(_rows, r => r.Fits(child.Path.Name, failure))
            ?? throw new InvalidOperationException($"no row of the failure policy fits {child.Path.Name} failing with {failure.GetType().Name}", failure);
        _noted?.Invoke(child, failure, row.Directive);
        return row.Directive;
    }

    /// <summary>The table in one line, as the tree shows it.</summary>
    public override string ToString() => string.Join(", ", _rows.Select(r => $"{r.Child} {Verb(r)}"));

    private string Verb(Row row)
    {
        var verb = row.Directive switch
        {
            Directive.Restart => MaxNumberOfRetries < 0
                ? "restarts"
                : $"restarts {MaxNumberOfRetries} in {WithinTimeRangeMilliseconds / 1000.0:0.##} s",
            Directive.Stop => "stops",
            Directive.Resume => "goes on",
            _ => "escalates",
        };
        return row.Failure == typeof(Exception) ? verb : $"{verb} on {row.Failure.Name}";
    }
}
