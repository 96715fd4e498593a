"""What tenancy shows in the admin: people, invitations, hosts, and weblogs to the operator."""
