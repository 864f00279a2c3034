using System.Reflection;
using ActorSock.Events;

namespace ActorSock.Tests.Events;

/// <summary>One of each event, with a text of choice wherever it has a text.</summary>
internal static class EveryEvent
{
    public static IEnumerable<Type> Types => typeof(ServerEvent).GetNestedTypes();

    public static IEnumerable<ServerEvent> With(string text) => Types.Select(type => With(type, text));

    public static ServerEvent With(Type type, string text)
    {
        var constructor = type.GetConstructors().Single();
        var arguments = constructor.GetParameters().Select(each => Value(each, text)).ToArray();
        var made = (ServerEvent)constructor.Invoke(arguments);
        foreach (var unsaid in type.GetProperties().Where(each => each.PropertyType == typeof(string) && each.GetValue(made) is null))
            unsaid.SetValue(made, text);
        return made;
    }

    private static object Value(ParameterInfo parameter, string text) => parameter.ParameterType.Name switch
    {
        nameof(String) => text,
        nameof(DateTimeOffset) => DateTimeOffset.UnixEpoch,
        nameof(TimeSpan) => TimeSpan.FromSeconds(1.5),
        nameof(Boolean) => true,
        nameof(Int32) => 7,
        nameof(Int64) => 7L,
        nameof(Severity) => Severity.Warning,
        nameof(Exception) => new InvalidOperationException(text, new IOException(text)),
        var other => throw new NotSupportedException($"{parameter.Name} is a {other}"),
    };
}
