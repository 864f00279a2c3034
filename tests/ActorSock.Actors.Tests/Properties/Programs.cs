using FsCheck;
using FsCheck.Fluent;

namespace ActorSock.EngineTests;

internal enum Deed
{
    Spawn,
    SpawnAsync,
    Work,
    WorkAsync,
    Hold,
    Release,
    Fail,
    FailAsync,
    Kill,
    Poison,
    StopFromOutside,
    StopChild,
    Watch,
    Unwatch,
}

/// <summary>
/// One thing to be done to a tree of actors; who does it to whom is taken modulo how many there are.
/// </summary>
internal sealed record Step(Deed Deed, int Actor, int Other);

/// <summary>What an actor of the tree does about its children, and where it is weak.</summary>
/// <param name="Breeds">starts a child whenever it is about to be restarted</param>
internal sealed record Nature(Directive Directive, bool ForAll, bool KeepsChildren, bool Breeds,
    Weakness Weakness);

/// <summary>Where the second instance of an actor fails, so that each fails there once.</summary>
internal enum Weakness
{
    None,
    Constructor,
    PreStart,
    PostRestart,
    PreRestart,
    PostStop,

    /// <summary>Its strategy throws when it is first asked.</summary>
    Strategy,
}

/// <summary>
/// A sequence of steps, and the natures of the actors in the order in which they are spawned.
/// </summary>
/// <param name="Dispatcher">the configuration of the dispatcher that all of them run on</param>
internal sealed record Program(string Dispatcher, IReadOnlyList<Nature> Natures, IReadOnlyList<Step> Steps)
{
    public const int ActorsMax = 24;

    public static Gen<Program> Any { get; } =
        from dispatcher in Gen.Elements(
            "type = Dispatcher",
            "type = Dispatcher, throughput = 1",
            "type = ForkJoinDispatcher, throughput = 2, dedicated-thread-pool.thread-count = 3")
        from natures in AnyNature.ArrayOf(ActorsMax)
        from length in Gen.Choose(1, 80)
        from steps in AnyStep.ArrayOf(length)
        select new Program(dispatcher, natures, steps);

    private static Gen<Nature> AnyNature =>
        from directive in Gen.Frequency(
            (4, Gen.Constant(Directive.Restart)),
            (6, Gen.Elements(Directive.Resume, Directive.Stop, Directive.Escalate)))
        from forAll in Gen.Elements(true, false)
        from keepsChildren in Gen.Elements(true, false)
        from breeds in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
        from weakness in Gen.Frequency(
            (4, Gen.Constant(Weakness.None)),
            (3, Gen.Elements(Enum.GetValues<Weakness>())))
        select new Nature(directive, forAll, keepsChildren, breeds, weakness);

    private static Gen<Step> AnyStep =>
        from deed in Gen.Frequency(
            (6, Gen.Elements(Deed.Spawn, Deed.SpawnAsync)),
            (12, Gen.Elements(Deed.Fail, Deed.FailAsync)),
            (6, Gen.Elements(Enum.GetValues<Deed>())))
        from actor in Gen.Choose(0, ActorsMax - 1)
        from other in Gen.Choose(0, ActorsMax - 1)
        select new Step(deed, actor, other);

    public override string ToString() =>
        $"dispatcher: {Dispatcher}\nnatures: {string.Join("; ", Natures)}\nsteps: {string.Join("; ", Steps)}";
}
