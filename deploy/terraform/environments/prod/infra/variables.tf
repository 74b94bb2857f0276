variable "region" {
  description = "AWS region."
  type        = string
  default     = "ap-southeast-2"

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region is an AWS region such as ap-southeast-2."
  }
}

variable "prefix" {
  description = "Begins the name of everything; the app stack finds things by it."
  type        = string
  default     = "orders-prod"
}

variable "kafka_version" {
  description = "A KRaft version as `aws kafka list-kafka-versions` prints it."
  type        = string
  default     = "3.9.x.kraft"
}

variable "broker_instance_type" {
  description = "Size of a broker."
  type        = string
  default     = "kafka.m5.large"
}

variable "registry_name" {
  description = "Name of the Glue schema registry."
  type        = string
  default     = "customer"
}

variable "max_volume_gib" {
  description = "Up to which each broker's storage grows by itself, in GiB."
  type        = number
  default     = 1000
}

variable "access" {
  description = "Make a host by which developers get into the VPC (module access), and the endpoints that it and ECS Exec want."
  type        = bool
  default     = false
}

variable "grafana" {
  description = "Make an Amazon Managed Grafana, which wants IAM Identity Center."
  type        = bool
  default     = false
}

variable "github" {
  description = "Repository (<owner>/<name>) whose environment `prod` may release, and whether this stack makes the account's identity provider for GitHub; null: nobody releases from there."
  type = object({
    repository      = string
    create_provider = optional(bool, true)
  })
  default = null
}
