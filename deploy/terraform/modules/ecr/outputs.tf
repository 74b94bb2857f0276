output "repository_urls" {
  description = "Image → repository URL to push to."
  value       = { for image, repository in aws_ecr_repository.this : image => repository.repository_url }
}

output "repository_arns" {
  description = "Image → repository ARN."
  value       = { for image, repository in aws_ecr_repository.this : image => repository.arn }
}
