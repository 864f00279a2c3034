namespace ActorSock.Listening;

/// <summary>What a listener serves.</summary>
internal enum Service
{
    Transfer,
    Title,
    Greeter,
    Chat,
    Commands,
    Admin,
}
