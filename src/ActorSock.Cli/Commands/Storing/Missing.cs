using ActorSock.Client.Native;

namespace ActorSock.Cli.Commands.Storing;

/// <summary>Says why a node has no file of a name: who names a folder is not helped by hearing that it is no file.</summary>
internal static class Missing
{
    /// <param name="client">Asks.</param>
    /// <param name="name">Of which there is no file.</param>
    /// <param name="ofFolder">What to do when it is a folder.</param>
    /// <param name="otherwise">What to say when it is not.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<string> WhyAsync(NodeClient client, string name, string ofFolder, string otherwise, CancellationToken cancel)
    {
        try
        {
            await foreach (var _ in client.ListAsync(FolderSync.PrefixOf(name), new ListOptions { PageEntries = 1 }, cancel))
                return $"it is a folder: {ofFolder}";
        }
        catch (NodeRefusedException)
        {
            // The first refusal says enough.
        }
        return otherwise;
    }
}
