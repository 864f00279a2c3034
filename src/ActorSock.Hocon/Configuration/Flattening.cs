using ActorSock.Hocon.Parsing;
using Microsoft.Extensions.Configuration;

namespace ActorSock.Hocon;

/// <summary>Turns a tree of values into the flat keys of .NET's configuration.</summary>
internal sealed class Flattening(HoconConfigurationSource source)
{
    public Dictionary<string, string?> Values { get; } = new(StringComparer.OrdinalIgnoreCase);

    public Dictionary<string, HoconOrigin> Origins { get; } = new(StringComparer.OrdinalIgnoreCase);

    public void AddRoot(HoconObject root) =>
        AddFields(null, root, new Expectation(source.Target, source.TargetPath?.Elements));

    private void AddFields(string? prefix, HoconObject fields, Expectation expected)
    {
        foreach (var (key, value) in fields)
        {
            var name = Named(key);
            Add(prefix is null ? name : ConfigurationPath.Combine(prefix, name), value, expected.Field(key));
        }
    }

    private string Named(string key) =>
        source.Keys == HoconKeyStyle.WithoutHyphens ? key.Replace("-", "", StringComparison.Ordinal) : key;

    private void Add(string key, HoconValue value, Expectation expected)
    {
        switch (value)
        {
            case HoconObject { Count: > 0 } fields:
                AddFields(key, fields, expected);
                break;
            case HoconArray { Count: > 0 } items:
                for (var i = 0; i < items.Count; i++)
                    Add(ConfigurationPath.Combine(key, $"{i}"), items[i], expected.Field($"{i}"));
                break;
            default:
                AddSimple(key, value, expected);
                break;
        }
    }

    // As .NET's own JSON source does it: an empty array is an empty text, which binds to an empty list; an
    // empty object and null are a key without value.
    private void AddSimple(string key, HoconValue value, Expectation expected)
    {
        if (Origins.TryGetValue(key, out var other))
        {
            var name = Escaped.Excerpt(key);
            Report(new HoconException(value.Origin,
                $"expected keys that differ in more than case and hyphens but found '{name}' also at {other}"));
            return;
        }
        Origins.Add(key, value.Origin);
        try
        {
            Values.Add(key, value switch
            {
                HoconNull or HoconObject => null,
                HoconScalar scalar => Conversion.ForBinder(scalar, expected.Type),
                _ => "",
            });
        }
        catch (HoconException e)
        {
            Report(e);
        }
    }

    private void Report(HoconException problem)
    {
        if (source.OnProblem is not { } report)
            throw problem;
        report(problem);
    }
}
