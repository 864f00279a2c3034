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
        return [.. outOfRange, .. CheckTogether(settings, _ => true)];
    }

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
        const string transfer = "actorsock.transfer.endpoint";
        const string admin = "actorsock.admin.endpoint";

        IEnumerable<(string Key, string Other, string? Why)> rules =
        [
            (retryMin, retryMax, settings.Listeners.RetryMin > settings.Listeners.RetryMax
                ? $"must not be longer than {retryMax}" : null),
            (blocksMax, blockBytes, settings.Memory.BlocksMax < settings.Memory.BlockBytes
                ? $"must not be less than {blockBytes}: not one block would fit" : null),
            (transfer, transfer, Twice(settings.Transfer.Endpoints) is { } twice
                ? $"has {twice} twice" : null),
            (admin, transfer, Twice([.. settings.Transfer.Endpoints.Distinct(), .. Door(settings)]) is { }
                ? $"must not be one of {transfer}" : null),
        ];
        return rules.Where(rule => rule.Why is not null && canTell(rule.Key) && canTell(rule.Other))
            .Select(rule => Problem(Setting.ByKey[rule.Key], settings, rule.Why!));
    }

    // Port 0 is another port each time.
    private static Endpoint? Twice(IEnumerable<Endpoint> endpoints) => endpoints
        .Where(endpoint => endpoint is not Endpoint.Tcp { Port: 0 })
        .GroupBy(endpoint => endpoint).FirstOrDefault(same => same.Count() > 1)?.Key;

    private static IEnumerable<Endpoint> Door(NodeSettings settings) =>
        settings.Admin.Endpoint is { } door ? [door] : [];

    private static SettingsProblem Problem(Setting setting, NodeSettings settings, string why) =>
        new(setting.Key, Shown(setting.Of(settings)), why, null);

    private static string? Shown(object? value) => value switch
    {
        null => null,
        IEnumerable<Endpoint> endpoints => string.Join(", ", endpoints),
        _ => FormattableString.Invariant($"{value}"),
    };
}
