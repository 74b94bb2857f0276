output "role_arn" {
  description = "Value for RELEASE_ROLE_ARN of the environment on GitHub."
  value       = aws_iam_role.release.arn
}

output "policy_json" {
  description = "Permissions of a release."
  value       = data.aws_iam_policy_document.release.json
}
