using ActorSock.Connections;
using ActorSock.Settings;

namespace ActorSock.Listening;

/// <summary>One listener as it was asked for.</summary>
/// <param name="Name">its name in the tree</param>
/// <param name="Endpoint">where it listens</param>
/// <param name="Backlog">connections that the system keeps until they are accepted</param>
/// <param name="Service">what its peers are served</param>
/// <param name="Key">the setting that an operator would change</param>
internal sealed record ListenerPlan(
    string Name, Endpoint Endpoint, int Backlog, ConnectionSupervisor.Service Service, string Key)
{
    /// <summary>All listeners of a node, in start order.</summary>
    public static IReadOnlyList<ListenerPlan> Of(NodeSettings settings)
    {
        var plans = new List<ListenerPlan>();
        foreach (var endpoint in settings.Transfer.Endpoints)
            plans.Add(new(Numbered("transfer", plans.Count), endpoint, settings.Transfer.Backlog, ConnectionSupervisor.Service.Transfer, "actorsock.transfer.endpoint"));
        if (settings.Admin.Endpoint is { } admin)
            plans.Add(new("admin", admin, settings.Transfer.Backlog, ConnectionSupervisor.Service.Admin, "actorsock.admin.endpoint"));
        return plans;
    }

    private static string Numbered(string name, int before) => before == 0 ? name : $"{name}-{before + 1}";
}
