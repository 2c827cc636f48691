// --- Jenkinsfile
@Library('company-pipelines@9fceb02d0ae598e95dc970b74767f19372d61af8') _

pipeline {
    agent { label 'linux' }
    options { timeout(time: 30, unit: 'MINUTES') }
    stages {
        stage('Build') {
            when { branch 'main' }
            steps {
                withCredentials([string(credentialsId: 'signing', variable: 'SIGNING_KEY')]) {
                    buildAndSign()
                }
                sh 'make'
            }
        }
    }
}
