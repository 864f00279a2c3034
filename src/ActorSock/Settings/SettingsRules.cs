using ActorSock.Listening;

namespace ActorSock.Settings;

/// <summary>What must hold of settings, however they were made.</summary>
public static class SettingsRules
{
    /// <summary>Everything that is wrong with these settings.</summary>
    public static IReadOnlyList<SettingsProblem> Check(NodeSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var outOfRange = Setting.All
            .Where(setting => !setting.Allowed.IsValid(setting.Of(settings)))
            .Select(setting => Problem(setting, settings, $"must be {setting.Allowed.Allowed}"));
        return [.. outOfRange, .. NamedSection.ByKey.Values.SelectMany(section => Entries(section, settings)),
            .. CheckTogether(settings, _ => true)];
    }

    private static IEnumerable<SettingsProblem> Entries(NamedSection section, NodeSettings settings) =>
        from entry in section.Of(settings)
        from field in section.Fields
        let value = field.Of(entry.Value)
        where !(value is null && field.Allowed.Optional) && !field.Allowed.IsValid(value)
        select new SettingsProblem(
            section.KeyOf(entry.Key, field.Name), Shown(value), $"must be {field.Allowed.Allowed}", null);

    /// <summary>What does not fit together, of settings that are each within their range.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="canTell">
    /// Whether a key has the value that was meant: rules about others are left out.
    /// </param>
    internal static IEnumerable<SettingsProblem> CheckTogether(
        NodeSettings settings, Func<string, bool> canTell)
    {
        const string retryMin = "actorsock.listeners.retry-min";
        const string retryMax = "actorsock.listeners.retry-max";
        const string blocksMax = "actorsock.memory.blocks-max";
        const string blockBytes = "actorsock.memory.block-bytes";

        IEnumerable<(string Key, string Other, string? Why)> rules =
        [
            (retryMin, retryMax, settings.Listeners.RetryMin > settings.Listeners.RetryMax
                ? $"must not be longer than {retryMax}" : null),
            (blocksMax, blockBytes, settings.Memory.BlocksMax < settings.Memory.BlockBytes
                ? $"must not be less than {blockBytes}: not one block would fit" : null),
            .. TwiceTaken(settings),
        ];
        return
        [
            .. rules.Where(rule => rule.Why is not null && canTell(rule.Key) && canTell(rule.Other))
                .Select(rule => Problem(Setting.ByKey[rule.Key], settings, rule.Why!)),
            .. TwiceBound(settings.Chat, canTell),
        ];
    }

    /// <summary>Names of the chat that are one, and addresses that have two.</summary>
    private static IEnumerable<SettingsProblem> TwiceBound(ChatSettings chat, Func<string, bool> canTell)
    {
        var section = NamedSection.ByKey["actorsock.chat.bound"];
        var (names, addresses) = (new Dictionary<string, string>(), new Dictionary<object, string>());
        foreach (var (name, bound) in chat.Bound)
        {
            if (!canTell(section.KeyOf(name, "address")))
                continue;
            if (!names.TryAdd(ChatNamesAttribute.KeyOf(name), name))
                yield return new SettingsProblem(section.KeyOf(name, "address"), bound.Address, $"the name is the same as {names[ChatNamesAttribute.KeyOf(name)]}", null);
            if (!addresses.TryAdd(bound.Read(), name))
                yield return new SettingsProblem(section.KeyOf(name, "address"), bound.Address, $"is that of {addresses[bound.Read()]}, too", null);
        }
    }

    /// <summary>Endpoints that two listeners would want.</summary>
    private static IEnumerable<(string Key, string Other, string? Why)> TwiceTaken(NodeSettings settings)
    {
        var taken = new Dictionary<Endpoint, string>();
        foreach (var plan in ListenerPlan.Of(settings))
        {
            if (plan.Endpoint is Endpoint.Tcp { Port: 0 } or Endpoint.Udp { Port: 0 } || taken.TryAdd(plan.Endpoint, plan.Key))
                continue; // port 0 is another port each time
            var other = taken[plan.Endpoint];
            yield return (plan.Key, other, other == plan.Key ? $"has {plan.Endpoint} twice" : $"must not be one of {other}");
        }
    }

    private static SettingsProblem Problem(Setting setting, NodeSettings settings, string why) =>
        new(setting.Key, Shown(setting.Of(settings)), why, null);

    private static string? Shown(object? value) => value switch
    {
        null => null,
        IEnumerable<Endpoint> endpoints => string.Join(", ", endpoints),
        IEnumerable<string> texts => string.Join(", ", texts),
        _ => FormattableString.Invariant($"{value}"),
    };
}
