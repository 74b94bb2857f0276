output "role_arn" {
  description = "RELEASE_ROLE_ARN of the environment on GitHub."
  value       = aws_iam_role.release.arn
}

output "policy_json" {
  description = "What a release may call."
  value       = data.aws_iam_policy_document.release.json
}
