variable "prefix" {
  description = "Prefix of the released resources: repositories <prefix>/<image>, cluster <prefix>, services <prefix>-<service>. The role is <prefix>-release."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,23}$", var.prefix))
    error_message = "prefix must have 2 to 24 lower-case letters, digits and hyphens, and start with a letter."
  }
}

variable "repository" {
  description = "GitHub repository whose workflow may release: <owner>/<name>."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+$", var.repository))
    error_message = "repository must be <owner>/<name>, without a wildcard."
  }
}

variable "environment" {
  description = "GitHub environment of the repository from which releases run. Its reviewers approve the releases."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]+$", var.environment))
    error_message = "environment must be the name of a GitHub environment, without a wildcard."
  }
}

variable "create_provider" {
  description = "Create GitHub's identity provider. An account can have only one: set false if it already exists."
  type        = bool
  default     = true
}

variable "images" {
  description = "Images that a release pushes."
  type        = set(string)
  default     = ["order-producer", "order-consumer", "orders"]

  validation {
    condition     = length(var.images) > 0 && alltrue([for image in var.images : can(regex("^[a-z0-9][a-z0-9-]*$", image))])
    error_message = "images must be one or more names of lower-case letters, digits and hyphens, without a wildcard."
  }
}

variable "services" {
  description = "Services that a release deploys."
  type        = set(string)
  default     = ["order-producer", "order-consumer"]

  validation {
    condition     = length(var.services) > 0 && alltrue([for service in var.services : can(regex("^[a-z0-9][a-z0-9-]*$", service))])
    error_message = "services must be one or more names of lower-case letters, digits and hyphens, without a wildcard."
  }
}
