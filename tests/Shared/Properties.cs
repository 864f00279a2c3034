using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace ActorSock.Testing;

/// <summary>Checks properties with one fixed seed: a failure comes back until it is mended.</summary>
internal static class Properties
{
    private const ulong Seed = 20_240_229;

    /// <summary>Checks that <paramref name="property"/> throws for none of <paramref name="cases"/>
    /// values.</summary>
    public static void Hold<T>(Gen<T> values, Action<T> property, int cases = 500)
    {
        Console.WriteLine($"property seed {Seed}, {cases} cases");
        var replay = new Replay(new Rnd(Seed, 1), FSharpOption<int>.None);
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(cases).WithReplay(FSharpOption<Replay>.Some(replay)),
            Prop.ForAll(values.ToArbitrary(), property));
    }
}
