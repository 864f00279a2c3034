namespace ActorSock.Hocon.Tests;

/// <summary>The words that the tests speak: read HOCON, and see it as JSON.</summary>
internal static class Reading
{
    public static HoconObject Root(string text) => Root(text, environment: []);

    public static HoconObject Root(string text, params (string Name, string Value)[] environment) =>
        HoconDocument.Parse(text, "test.conf").Resolve(name =>
            environment.FirstOrDefault(variable => variable.Name == name).Value);

    /// <summary>The value of the key <c>a</c> as JSON on one line; null when there is no such key.</summary>
    public static string? ValueOfA(string text) => Root(text).Find("a")?.ToString();

    public static string ProblemOf(string text) => Should.Throw<HoconException>(() => Root(text)).Message;
}
