using ActorSock.Files;

namespace ActorSock.Tests.Files;

/// <summary>Brings a part file to its name as the journal does, with the sync that it leaves to its checkpoint.</summary>
internal static class Publishing
{
    public static void Publish(this FileRoot root, IIncomingFile file)
    {
        var partName = file.Seal();
        try
        {
            root.PublishPart(partName, file.Name);
        }
        catch (StorageException)
        {
            root.DropPart(partName);
            throw;
        }
        root.SyncAll();
    }
}
