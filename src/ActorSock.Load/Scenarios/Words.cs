namespace ActorSock.Load.Scenarios;

/// <summary>How dialects and rude kinds are written in options, scenarios and reports.</summary>
internal static class Words
{
    public static IReadOnlyDictionary<string, LoadDialect> Dialects { get; } = new Dictionary<string, LoadDialect>
    {
        ["digest-after"] = LoadDialect.DigestAfter,
        ["digest-in-header"] = LoadDialect.DigestInHeader,
        ["native"] = LoadDialect.Native,
    };

    public static IReadOnlyDictionary<string, RudeKind> RudeKinds { get; } = new Dictionary<string, RudeKind>
    {
        ["stall"] = RudeKind.Stall,
        ["reset"] = RudeKind.Reset,
        ["garbage"] = RudeKind.Garbage,
        ["half-close"] = RudeKind.HalfClose,
        ["slow-loris"] = RudeKind.SlowLoris,
    };

    public static string Of(LoadDialect dialect) => Dialects.First(word => word.Value == dialect).Key;

    public static string Of(RudeKind kind) => RudeKinds.First(word => word.Value == kind).Key;
}
