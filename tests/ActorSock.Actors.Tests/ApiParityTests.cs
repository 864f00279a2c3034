using System.Reflection;
using ActorSock.EngineTests.Parity;

namespace ActorSock.EngineTests;

/// <summary>
/// Holds the engine and its test kit against Akka.NET's surface (akka-api.txt): what bears a name of Akka's
/// is as Akka's.
/// </summary>
public class ApiParityTests
{
    /// <summary>Public members of listed types that Akka has not, and why they are there.</summary>
    private static readonly Dictionary<string, string> s_wanted = [];

    private static readonly (string Ours, string Akkas)[] s_namespaces =
    [
        ("ActorSock.Actors.TestKit.Xunit2.", "Akka.TestKit.Xunit2."),
            ("ActorSock.Actors.TestKit.", "Akka.TestKit."),
        ("ActorSock.Actors.Event.", "Akka.Event."),
        ("ActorSock.Actors.Configuration.", "Akka.Configuration."),
        ("ActorSock.Actors.Pattern.", "Akka.Pattern."), ("ActorSock.Actors.Dispatch.", "Akka.Dispatch."),
        ("ActorSock.Actors.Done", "Akka.Done"), ("ActorSock.Actors.", "Akka.Actor."),
    ];

    private static readonly Type[] s_ours =
        [.. new[] { typeof(ActorSystem).Assembly, typeof(TestKitBase).Assembly }.SelectMany(assembly =>
            assembly.GetTypes()).Where(IsVisible)];

    [Fact]
    public void What_bears_a_name_of_Akkas_is_as_Akkas()
    {
        var comparer = new ApiComparer(ListedType.Parse(Listing()), new ApiNotation(InAkka));

        comparer.Differences(s_ours).Where(difference => !s_wanted.ContainsKey(difference)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_exception_to_that_is_still_needed()
    {
        var comparer = new ApiComparer(ListedType.Parse(Listing()), new ApiNotation(InAkka));

        s_wanted.Keys.Except(comparer.Differences(s_ours)).ShouldBeEmpty();
    }

    [Fact]
    public void The_types_that_matter_are_compared()
    {
        var comparer = new ApiComparer(ListedType.Parse(Listing()), new ApiNotation(InAkka));

        s_ours.Count(comparer.Knows).ShouldBeGreaterThan(80);
        foreach (var type in new[]
        {
            typeof(ActorSystem), typeof(IActorRef), typeof(Props), typeof(ReceiveActor),
                typeof(IActorContext), typeof(Config), typeof(Done),
            typeof(EventStream), typeof(LoggingExtensions), typeof(Status.Failure), typeof(TestKitBase),
            typeof(TestProbe), typeof(TestKit),
        })
            comparer.Knows(type).ShouldBeTrue($"{type} is not listed under {InAkka(type.FullName!)}");
    }

    private static bool IsVisible(Type type) =>
        type.IsNested ? (type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem)
            && IsVisible(type.DeclaringType!) : type.IsPublic;

    private static string InAkka(string name)
    {
        foreach (var (ours, akkas) in s_namespaces)
            if (name.StartsWith(ours, StringComparison.Ordinal))
                return akkas + name[ours.Length..];
        return name;
    }

    private static string Listing()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("akka-api.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
